import { UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MatrixRow } from '../../server/accounts/matrix.ts';
import type { Role } from '../../server/registry/role.ts';
import { fetchJson } from '../api/fetch_json.ts';
import { useBilingual } from '../panels/use.ts';
import styles from './accounts.module.css';
import { Loaded } from './loaded.tsx';
import matrixStyles from './matrix.module.css';

function toggled(set: ReadonlySet<string>, each: string): ReadonlySet<string> {
  return set.has(each) ? new Set([...set].filter((other) => other !== each)) : new Set([...set, each]);
}

/** Who sees and does what, as the layer files say it; a layer unfolds into all that is done with it. */
export function MatrixPart() {
  const { t } = useTranslation();
  const say = useBilingual();
  /** Layers whose acts are shown. */
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const query = useQuery({
    queryKey: ['admin', 'matrix'],
    queryFn: ({ signal }) =>
      fetchJson<{ roles: readonly Role[]; layers: readonly MatrixRow[] }>('/api/admin/matrix', { signal }),
  });
  return (
    <div className={styles.part}>
      <p className={styles.text}>{t('admin.matrix_text')}</p>
      <Loaded query={query}>
        {({ roles, layers }) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
          <section className={matrixStyles.matrix} tabIndex={0} aria-label={t('admin.matrix')}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('feed.layer')}</th>
                  {roles.map((role) => (
                    <th key={role} scope="col">
                      <span>{t(`role.${role}`)}</span>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {layers.map(({ layer, title, sees, level, acts }) => (
                  <Fragment key={layer}>
                    <tr>
                      <th scope="row">
                        <UnstyledButton
                          className={matrixStyles.unfold}
                          aria-expanded={open.has(layer)}
                          onClick={() => setOpen((before) => toggled(before, layer))}
                        >
                          {open.has(layer) ? (
                            <IconChevronDown size="1rem" aria-hidden="true" />
                          ) : (
                            <IconChevronRight size="1rem" aria-hidden="true" />
                          )}
                          {say(title)}
                        </UnstyledButton>
                      </th>
                      {roles.map((role) => {
                        const highest = level[role];
                        return (
                          <td key={role} data-sees={sees[role]}>
                            {t(`admin.sees_${sees[role]}`)}
                            {highest !== null && highest !== 'view' && (
                              <span className={matrixStyles.level}>{t(`admin.level_${highest}`)}</span>
                            )}
                          </td>
                        );
                      })}
                    </tr>
                    {open.has(layer) &&
                      acts.map(({ name, title: act, roles: first, second = [] }) => (
                        <tr key={name} data-act="">
                          <th scope="row">{act ? say(act) : name}</th>
                          {roles.map((role) => (
                            <td key={role}>
                              {[first.includes(role) && t('admin.may'), second.includes(role) && t('admin.may_confirm')]
                                .filter(Boolean)
                                .join(' · ')}
                            </td>
                          ))}
                        </tr>
                      ))}
                  </Fragment>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </Loaded>
    </div>
  );
}
